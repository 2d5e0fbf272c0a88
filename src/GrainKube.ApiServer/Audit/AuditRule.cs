using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Audit;

/// <summary>What a policy says of a request.</summary>
/// <param name="Level">How much of it is recorded.</param>
/// <param name="Omitted">When it is not.</param>
/// <param name="OmitManagedFields">Bodies are recorded without their <c>managedFields</c>.</param>
internal sealed record AuditDecision(AuditLevel Level, AuditStages Omitted, bool OmitManagedFields);

/// <summary>Resources that a rule is about.</summary>
/// <param name="Group">Empty is the core group, <c>*</c> every group.</param>
/// <param name="Resources"><c>pods</c>, <c>pods/log</c>, <c>pods/*</c>, <c>*/scale</c> or <c>*</c>; empty is everything.</param>
/// <param name="Names">Names of objects; empty is all.</param>
internal sealed record AuditResources(string Group, IReadOnlyList<string> Resources, IReadOnlyList<string> Names)
{
    public bool Match(RequestInfo request)
    {
        if (Group != "*" && Group != request.ApiGroup)
        {
            return false;
        }

        if (Resources.Count == 0)
        {
            return true;
        }

        if (Names.Count > 0 && !Names.Contains(request.Name))
        {
            return false;
        }

        foreach (var resource in Resources)
        {
            if (resource == "*" || Matches(resource, request))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(string resource, RequestInfo request)
    {
        var slash = resource.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return request.Subresource.Length == 0 && resource == request.Resource;
        }

        var parent = resource.AsSpan(0, slash);
        var sub = resource.AsSpan(slash + 1);
        return sub is "*" ? parent.SequenceEqual(request.Resource)
            : request.Subresource.Length > 0 && sub.SequenceEqual(request.Subresource) && (parent is "*" || parent.SequenceEqual(request.Resource));
    }
}

/// <summary>A rule of a policy. Every list that is not empty must fit.</summary>
internal sealed record AuditRule
{
    public required AuditDecision Decision { get; init; }
    public IReadOnlyList<string> Users { get; init; } = [];
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyList<string> Verbs { get; init; } = [];
    public IReadOnlyList<AuditResources> Resources { get; init; } = [];
    public IReadOnlyList<string> Namespaces { get; init; } = [];
    public IReadOnlyList<string> Paths { get; init; } = [];

    public bool Match(UserInfo? user, RequestInfo request) =>
        (Users.Count == 0 || (user is not null && Users.Contains(user.Name)))
        && (Groups.Count == 0 || (user is not null && user.Groups.Any(Groups.Contains)))
        && (Verbs.Count == 0 || Verbs.Contains(request.Verb))
        && MatchTarget(request);

    private bool MatchTarget(RequestInfo request)
    {
        if (Namespaces.Count > 0 || Resources.Count > 0)
        {
            return request.IsResourceRequest
                && (Namespaces.Count == 0 || Namespaces.Contains(request.Namespace))
                && (Resources.Count == 0 || Resources.Any(r => r.Match(request)));
        }

        return Paths.Count == 0 || (!request.IsResourceRequest && Paths.Any(p => p == request.Path || (p.EndsWith('*') && request.Path.StartsWith(p.TrimEnd('*'), StringComparison.Ordinal))));
    }
}
