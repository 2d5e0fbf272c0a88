using System.Net;
using System.Text;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Questions;

/// <summary><c>/logs/</c>: the files below the machine's <c>/var/log</c>, and lists of its directories as upstream's kubelet shows them.</summary>
internal static class SystemLogs
{
    /// <summary>An answer is one message: larger files have to be fetched in another way.</summary>
    private const long LargestFile = 32L << 20;

    /// <param name="root">For example <c>/var/log</c>.</param>
    /// <param name="path">Below it, beginning with a slash.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<NodeAnswer> ReadAsync(string root, string path, CancellationToken cancel)
    {
        var full = Path.GetFullPath(root + Uri.UnescapeDataString(path));
        if (full != root && !full.StartsWith(root + "/", StringComparison.Ordinal))
        {
            return NodeQuestions.NotFound;
        }

        try
        {
            if (Directory.Exists(full))
            {
                var names = new DirectoryInfo(full).EnumerateFileSystemInfos().Select(e => e is DirectoryInfo ? e.Name + "/" : e.Name).Order(StringComparer.Ordinal);
                var lines = names.Select(name => $"<a href=\"{Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal)}\">{WebUtility.HtmlEncode(name)}</a>\n");
                return new NodeAnswer(200, "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n{string.Concat(lines)}</pre>\n"));
            }

            return !File.Exists(full) ? NodeQuestions.NotFound
                : new FileInfo(full).Length > LargestFile ? new NodeAnswer(413, NodeQuestions.Text, "the file is too large to be shown here\n"u8.ToArray())
                : new NodeAnswer(200, NodeQuestions.Text, await File.ReadAllBytesAsync(full, cancel));
        }
        catch (UnauthorizedAccessException)
        {
            return new NodeAnswer(403, NodeQuestions.Text, "403 Forbidden\n"u8.ToArray());
        }
    }
}
