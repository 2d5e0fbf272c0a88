using GrainKube.ApiServer.Authentication.OutsideReviews;

namespace GrainKube.ApiServer.Authorization;

/// <summary>One way to decide what a caller may do.</summary>
public enum AuthorizationMode
{
    /// <summary>A node may read what its pods refer to.</summary>
    Node,

    /// <summary>Roles and bindings.</summary>
    Rbac,

    /// <summary>A service outside is asked.</summary>
    Webhook,
    AlwaysAllow,
    AlwaysDeny,
}

/// <summary>Who decides what callers may do.</summary>
public sealed record AuthorizationOptions
{
    /// <summary>Asked in this order. Default: nodes, then RBAC.</summary>
    public IReadOnlyList<AuthorizationStep> Steps { get; init; } = [new(AuthorizationMode.Node), new(AuthorizationMode.Rbac)];
}

/// <param name="Mode">The way to decide.</param>
/// <param name="Webhook">Who is asked in the mode <see cref="AuthorizationMode.Webhook"/>.</param>
public sealed record AuthorizationStep(AuthorizationMode Mode, AccessWebhook? Webhook = null);

/// <summary>A service outside that decides.</summary>
public sealed record AccessWebhook
{
    public required ReviewWebhook Service { get; init; }

    /// <summary>How long its consent is believed. Default: five minutes.</summary>
    public TimeSpan AllowedFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long its refusal is. Default: thirty seconds.</summary>
    public TimeSpan RefusedFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Nothing is allowed while it does not answer; otherwise it then has no opinion.</summary>
    public bool FailsClosed { get; init; }

    /// <summary>Expressions over <c>request</c>, the review's spec; it is asked where all hold.</summary>
    public IReadOnlyList<string> MatchConditions { get; init; } = [];
}
