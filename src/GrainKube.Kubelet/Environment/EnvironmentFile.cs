namespace GrainKube.Kubelet.Environment;

/// <summary>
/// Reads a file of variables as <c>fileKeyRef</c> has it: <c>NAME='value'</c>, where the value goes on, over lines and whatever is in it, to the next single quote. Lines that begin with <c>#</c> and
/// empty ones say nothing; anything else is an error, so that nobody takes it for a shell's.
/// </summary>
internal static class EnvironmentFile
{
    /// <param name="text">What is in it.</param>
    /// <param name="path">Its name, for the message.</param>
    /// <exception cref="ConfigException">The file is not so.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string text, string path)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var place = 0;
        while (place < text.Length)
        {
            var line = Line(text, place);
            var content = line.Trim();
            if (content.Length == 0 || content[0] == '#')
            {
                place += line.Length + 1;
                continue;
            }

            var equals = line.IndexOf('=');
            var name = equals < 0 ? "" : line[..equals].Trim();
            if (name.Length == 0)
            {
                throw Wrong(path, text, place, "is not NAME='value'");
            }

            var open = place + equals + 1;
            while (open < text.Length && text[open] is ' ' or '\t')
            {
                open++;
            }

            if (open >= text.Length || text[open] != '\'')
            {
                throw Wrong(path, text, place, "has a value that is not in single quotes");
            }

            var close = text.IndexOf('\'', open + 1);
            if (close < 0)
            {
                throw Wrong(path, text, place, "has a quote that does not end");
            }

            var rest = Line(text, close + 1);
            if (rest.Trim() is { Length: > 0 } more && more[0] != '#')
            {
                throw Wrong(path, text, close, "goes on after the value");
            }

            found[name] = text[(open + 1)..close];
            place = close + 1 + rest.Length + 1;
        }

        return found;
    }

    private static string Line(string text, int from) => text.IndexOf('\n', from) is >= 0 and var end ? text[from..end] : text[from..];

    private static ConfigException Wrong(string path, string text, int place, string what) =>
        new($"couldn't parse environment variable file \"{path}\": line {text.AsSpan(0, place).Count('\n') + 1} {what}");
}
