%% One process sends to another one. A line of stdin is how many messages; the line that comes back is how many were received, and the sum of their ids.
-module(tally).
-export([main/0]).

main() ->
    Main = self(),
    Receiver = spawn_link(fun() -> receiver(Main, 0, 0) end),
    loop(Receiver).

loop(Receiver) ->
    case io:get_line("") of
        eof -> halt(0);
        Line ->
            send(Receiver, 0, list_to_integer(string:trim(Line))),
            Receiver ! tally,
            receive {tally, Count, Sum} -> io:format("~b ~b~n", [Count, Sum]) end,
            loop(Receiver)
    end.

send(_, Messages, Messages) -> ok;
send(Receiver, Id, Messages) ->
    Receiver ! #{id => Id, v => <<"hello">>},
    send(Receiver, Id + 1, Messages).

receiver(Main, Count, Sum) ->
    receive
        #{id := Id} -> receiver(Main, Count + 1, Sum + Id);
        tally ->
            Main ! {tally, Count, Sum},
            receiver(Main, 0, 0)
    end.
