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
    public IReadOnlyList<AuthorizationMode> Modes { get; init; } = [AuthorizationMode.Node, AuthorizationMode.Rbac];

    /// <summary>Who is asked in the mode <see cref="AuthorizationMode.Webhook"/>.</summary>
    public ReviewWebhook? Webhook { get; init; }

    /// <summary>How long the webhook's consent is believed. Default: five minutes.</summary>
    public TimeSpan AllowedFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long its refusal is. Default: thirty seconds.</summary>
    public TimeSpan RefusedFor { get; init; } = TimeSpan.FromSeconds(30);
}
