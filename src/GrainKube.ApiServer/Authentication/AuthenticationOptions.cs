using GrainKube.ApiServer.Authentication.OpenIdConnect;
using GrainKube.ApiServer.Authentication.OutsideReviews;
using GrainKube.ApiServer.Authentication.StaticTokens;

namespace GrainKube.ApiServer.Authentication;

/// <summary>By what callers are known besides client certificates and service-account tokens.</summary>
public sealed record AuthenticationOptions
{
    /// <summary>Who shows nothing is <c>system:anonymous</c>; otherwise 401. Default: true.</summary>
    public bool Anonymous { get; init; } = true;

    /// <summary>The only paths on which somebody may be anonymous; null for all.</summary>
    public IReadOnlyList<string>? AnonymousPaths { get; init; }

    /// <summary>Secrets of type <c>bootstrap.kubernetes.io/token</c> in <c>kube-system</c> are tokens. Default: true.</summary>
    public bool BootstrapTokens { get; init; } = true;

    /// <summary>Tokens of a file.</summary>
    public IReadOnlyList<StaticToken> StaticTokens { get; init; } = [];

    /// <summary>Issuers of JSON Web Tokens that are believed.</summary>
    public IReadOnlyList<JwtIssuer> Issuers { get; init; } = [];

    /// <summary>Who is asked about tokens that nobody here knows; null for nobody.</summary>
    public ReviewWebhook? TokenWebhook { get; init; }

    /// <summary>How long the webhook's answer is believed. Default: two minutes.</summary>
    public TimeSpan TokenWebhookCache { get; init; } = TimeSpan.FromMinutes(2);
}
