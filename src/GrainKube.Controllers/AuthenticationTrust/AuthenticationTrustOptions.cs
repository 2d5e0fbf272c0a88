namespace GrainKube.Controllers.AuthenticationTrust;

/// <summary>What extension servers must know to tell who asks them.</summary>
public sealed class AuthenticationTrustOptions
{
    /// <summary>PEM of the authority of client certificates; empty publishes nothing.</summary>
    public string ClientAuthority { get; set; } = "";

    /// <summary>PEM of the authority of the front proxy's certificate; empty publishes nothing of it.</summary>
    public string FrontProxyAuthority { get; set; } = "";

    /// <summary>Common names that the front proxy's certificate may have.</summary>
    public IReadOnlyList<string> ProxyNames { get; set; } = [];

    public string UserHeader { get; set; } = "";
    public string UidHeader { get; set; } = "";
    public string GroupHeader { get; set; } = "";
    public string ExtraPrefix { get; set; } = "";
}
