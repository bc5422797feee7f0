export default function Page() {
  return <p>Ask the counter.</p>
}
