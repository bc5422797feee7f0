/* One thread sends to another over a PAIR on inproc. A line of stdin is how many messages; the line that comes back is how many were received, and the sum of their ids. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

struct message {
    long id;
    char v[8];
};

static void *context;

static void *receive_all(void *unused) {
    void *pair = zmq_socket(context, ZMQ_PAIR);
    zmq_connect(pair, "inproc://tally");
    long tally[2] = {0, 0};
    struct message message;
    for (;;) {
        int size = zmq_recv(pair, &message, sizeof message, 0);
        if (size == sizeof message) {
            tally[0] += 1;
            tally[1] += message.id;
        } else if (size == 0) {
            zmq_send(pair, tally, sizeof tally, 0);
            tally[0] = tally[1] = 0;
        } else {
            break;
        }
    }
    zmq_close(pair);
    return unused;
}

int main(void) {
    context = zmq_ctx_new();
    void *pair = zmq_socket(context, ZMQ_PAIR);
    zmq_bind(pair, "inproc://tally");
    pthread_t thread;
    pthread_create(&thread, NULL, receive_all, NULL);
    long messages;
    while (scanf("%ld", &messages) == 1) {
        struct message message = {0, "hello"};
        for (message.id = 0; message.id < messages; message.id++) zmq_send(pair, &message, sizeof message, 0);
        zmq_send(pair, "", 0, 0);
        long tally[2];
        zmq_recv(pair, tally, sizeof tally, 0);
        printf("%ld %ld\n", tally[0], tally[1]);
        fflush(stdout);
    }
    /* A single byte is no message: it ends the thread. */
    zmq_send(pair, "x", 1, 0);
    pthread_join(thread, NULL);
    zmq_close(pair);
    zmq_ctx_term(context);
    return 0;
}
