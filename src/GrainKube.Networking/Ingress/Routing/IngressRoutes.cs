namespace GrainKube.Networking.Ingress.Routing;

/// <summary>Who answers which request: all Ingress objects of our classes as one immutable table. A change is a new table; requests under way keep theirs.</summary>
internal sealed class IngressRoutes
{
    public static readonly IngressRoutes Empty = new();

    /// <summary>Rules of hosts that are named whole.</summary>
    public IReadOnlyDictionary<string, HostRules> Hosts { get; init; } = new Dictionary<string, HostRules>();

    /// <summary>Rules of <c>*.domain</c>, by the domain.</summary>
    public IReadOnlyDictionary<string, HostRules> Wildcards { get; init; } = new Dictionary<string, HostRules>();

    /// <summary>Rules that name no host.</summary>
    public HostRules Any { get; init; } = new([], null);

    /// <summary>The backend of a request, or null where there is none.</summary>
    /// <param name="host">Host of the request without its port; any case.</param>
    /// <param name="path">Its path; empty counts as <c>/</c>.</param>
    public Backend? Find(string host, string path)
    {
        if (path.Length == 0)
        {
            path = "/";
        }

        host = host.TrimEnd('.').ToLowerInvariant();
        var own = Hosts.GetValueOrDefault(host);
        var dot = host.IndexOf('.');
        var wild = dot > 0 ? Wildcards.GetValueOrDefault(host[(dot + 1)..]) : null;

        // A host's rules come before a wildcard's, and these before those of all hosts; only then come the backends for what no rule matches.
        return own?.Match(path) ?? wild?.Match(path) ?? Any.Match(path) ?? own?.Default ?? wild?.Default ?? Any.Default;
    }
}

/// <summary>The rules of one host.</summary>
/// <param name="paths">In the order of <see cref="PathRule.Order"/>.</param>
/// <param name="whenNone">For what no rule matches.</param>
internal sealed class HostRules(IReadOnlyList<PathRule> paths, Backend? whenNone)
{
    public Backend? Default => whenNone;

    public Backend? Match(string path)
    {
        foreach (var rule in paths)
        {
            if (rule.Matches(path))
            {
                return rule.Backend;
            }
        }

        return null;
    }
}

/// <summary>A path and who answers it.</summary>
/// <param name="Path">Begins with a slash; without one at the end unless it is exact.</param>
/// <param name="Exact">Nothing but this very path.</param>
/// <param name="Backend">Who answers.</param>
internal sealed record PathRule(string Path, bool Exact, Backend Backend)
{
    /// <summary>Longer paths first, an exact one before its equal; the order of those that are alike stays.</summary>
    public static IEnumerable<PathRule> Order(IEnumerable<PathRule> rules) => rules.OrderByDescending(r => r.Path.Length).ThenByDescending(r => r.Exact);

    /// <param name="path">As the object has it; empty counts as <c>/</c>.</param>
    /// <param name="type"><c>Exact</c>, <c>Prefix</c> or <c>ImplementationSpecific</c>, which is a prefix here.</param>
    /// <param name="backend">Who answers.</param>
    public static PathRule Of(string? path, string? type, Backend backend)
    {
        var text = string.IsNullOrEmpty(path) ? "/" : path;
        return type == "Exact" ? new PathRule(text, true, backend) : new PathRule(text.TrimEnd('/'), false, backend);
    }

    /// <summary>A prefix counts by whole elements: <c>/foo</c> is one of <c>/foo/bar</c>, not of <c>/foobar</c>.</summary>
    public bool Matches(string path) => Exact
        ? path == Path
        : path.StartsWith(Path, StringComparison.Ordinal) && (path.Length == Path.Length || path[Path.Length] == '/');
}
