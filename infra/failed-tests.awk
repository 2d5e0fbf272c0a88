# Prints the failed tests of TRX reports, each with its message.
function unescape(text) {
  gsub(/&#xD;/, "", text); gsub(/&#xA;/, "\n", text)
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "'", text); gsub(/&amp;/, "\\&", text)
  return text
}
/<UnitTestResult / {
  name = ""
  if ($0 ~ /outcome="(Failed|NotExecuted)"/ && match($0, / testName="[^"]*"/)) {
    name = substr($0, RSTART + 11, RLENGTH - 12)
    print ($0 ~ /outcome="Failed"/ ? "FAILED " : "SKIPPED ") unescape(name)
  }
}
name != "" && /<Message>/ { inside = 1; sub(/.*<Message>/, "") }
inside {
  line = $0
  ended = sub(/<\/Message>.*/, "", line)
  print "    " unescape(line)
  if (ended) { inside = 0 }
}
