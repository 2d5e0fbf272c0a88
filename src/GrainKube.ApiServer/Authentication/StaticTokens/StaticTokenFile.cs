using System.Text;

namespace GrainKube.ApiServer.Authentication.StaticTokens;

/// <summary>Reads the file of <c>--token-auth-file</c>: lines of <c>token,user,uid,"group1,group2"</c>, as RFC 4180 has them.</summary>
public static class StaticTokenFile
{
    /// <exception cref="FormatException">A line is not of that form.</exception>
    public static IReadOnlyList<StaticToken> Parse(string text)
    {
        List<StaticToken> tokens = [];
        var number = 0;
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd('\r')))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            var columns = Columns(line, number);
            if (columns.Count < 3)
            {
                throw new FormatException($"token file must have at least 3 columns (token, user name, user uid), found {columns.Count} in line {number}");
            }

            // A line without a token would let in whoever sends an empty one.
            if (columns[0].Length > 0)
            {
                tokens.Add(new StaticToken(columns[0], columns[1], columns[2], columns.Count > 3 ? columns[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : []));
            }
        }

        return [.. tokens.AsEnumerable().Reverse().DistinctBy(t => t.Token).Reverse()];
    }

    private static List<string> Columns(string line, int number)
    {
        List<string> columns = [];
        var column = new StringBuilder();
        var at = 0;
        while (true)
        {
            column.Clear();
            if (at < line.Length && line[at] == '"')
            {
                for (at++; ; at++)
                {
                    if (at >= line.Length)
                    {
                        throw new FormatException($"token file has an open quotation in line {number}");
                    }

                    if (line[at] == '"' && (at + 1 >= line.Length || line[at + 1] != '"'))
                    {
                        break;
                    }

                    column.Append(line[at]);
                    at += line[at] == '"' ? 1 : 0;
                }

                at++;
            }

            for (; at < line.Length && line[at] != ','; at++)
            {
                column.Append(line[at]);
            }

            columns.Add(column.ToString().Trim());
            if (at++ >= line.Length)
            {
                return columns;
            }
        }
    }
}
