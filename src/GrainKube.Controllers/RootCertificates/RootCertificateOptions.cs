namespace GrainKube.Controllers.RootCertificates;

/// <summary>The certificate authority that pods trust the API server by.</summary>
public sealed class RootCertificateOptions
{
    /// <summary>PEM; empty publishes nothing.</summary>
    public string Pem { get; set; } = "";
}
