namespace GrainKube.Etcd;

/// <summary>Options of the etcd store.</summary>
public sealed class EtcdOptions
{
    /// <summary>Comma-separated endpoints, tried in order, the last one that worked first. Default: <c>http://localhost:2379</c>.</summary>
    public string Endpoints { get; set; } = "http://localhost:2379";

    /// <summary>User, if etcd asks for one. Default: none.</summary>
    public string? User { get; set; }

    /// <summary>The user's password.</summary>
    public string? Password { get; set; }

    /// <summary>PEM file with the authorities that may sign etcd's certificate. Default: the system's.</summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>PEM file with the certificate shown to etcd. Default: none.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with its key. Required with <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>How long one request may take. Default: 10 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long lists and watches from the past stay possible. Default: 10 minutes, five more than a <c>continue</c> token lives.</summary>
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>At most so many revisions of history: etcd keeps an index of all of them in memory (about 10 KB each). Default: 100,000.</summary>
    public long HistoryLimit { get; set; } = 100_000;

    /// <summary>Keys that expire within one such span share a lease. A minute, but for tests.</summary>
    internal TimeSpan ExpiryUnit { get; set; } = TimeSpan.FromMinutes(1);
}
