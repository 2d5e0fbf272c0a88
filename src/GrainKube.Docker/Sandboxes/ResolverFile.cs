using System.Text;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sandboxes;

/// <summary>
/// The sandbox's <c>resolv.conf</c>. On its own networks the engine writes one that leads to its embedded resolver and changes the options, so the file is
/// written over after the start; the containers that join the sandbox share it.
/// </summary>
internal static class ResolverFile
{
    /// <summary>The file's content, or null where the engine's own is to stay.</summary>
    public static string? ContentFor(SandboxSpec spec)
    {
        if (spec.DnsServers.Count == 0 && spec.DnsSearches.Count == 0 && spec.DnsOptions.Count == 0)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var server in spec.DnsServers)
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        if (spec.DnsSearches.Count > 0)
        {
            text.Append("search ").AppendJoin(' ', spec.DnsSearches).Append('\n');
        }

        if (spec.DnsOptions.Count > 0)
        {
            text.Append("options ").AppendJoin(' ', spec.DnsOptions).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Writes in place: the file is already mounted, a new file in its stead would not be seen.</summary>
    public static async Task WriteAsync(string path, SandboxSpec spec, CancellationToken cancel)
    {
        // With an engine whose files are not ours to reach, its own rendering of the same settings stays.
        if (ContentFor(spec) is { } content && File.Exists(path))
        {
            await File.WriteAllTextAsync(path, content, cancel);
        }
    }
}
