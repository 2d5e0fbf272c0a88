using System.Net;

namespace GrainKube.Kubelet.Pods;

/// <summary>What a <c>resolv.conf</c> says.</summary>
internal sealed record ResolverSettings(IReadOnlyList<string> Servers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options)
{
    private const string File = "/etc/resolv.conf";

    // Where systemd-resolved keeps the servers that it asks; the other file names only itself, on an address that no pod reaches.
    private const string FileBehindResolved = "/run/systemd/resolve/resolv.conf";

    public static readonly ResolverSettings Empty = new([], [], []);

    /// <summary>The host's settings.</summary>
    public static ResolverSettings OfHost()
    {
        var settings = Read(File);
        return settings.Servers.Count > 0 && settings.Servers.All(IsLoopback) && System.IO.File.Exists(FileBehindResolved) ? Read(FileBehindResolved) : settings;
    }

    /// <summary>Reads the file's text; of <c>search</c> and <c>domain</c> the last line counts.</summary>
    public static ResolverSettings Parse(string text)
    {
        var (servers, options) = (new List<string>(), new List<string>());
        IReadOnlyList<string> searches = [];
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var server, ..]:
                    servers.Add(server);
                    break;
                case ["search" or "domain", .. var domains]:
                    searches = [.. domains.Select(d => d == "." ? d : d.TrimEnd('.'))];
                    break;
                case ["options", .. var more]:
                    options.AddRange(more.Except(options));
                    break;
            }
        }

        return new ResolverSettings(servers, searches, options);
    }

    private static ResolverSettings Read(string file) => System.IO.File.Exists(file) ? Parse(System.IO.File.ReadAllText(file)) : Empty;

    private static bool IsLoopback(string server) => IPAddress.TryParse(server, out var address) && IPAddress.IsLoopback(address);
}
