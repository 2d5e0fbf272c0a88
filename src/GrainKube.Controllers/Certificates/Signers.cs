using GrainKube.Resources.Certificates.CertificateSigningRequests;

namespace GrainKube.Controllers.Certificates;

/// <summary>The signers that the cluster itself serves, and what each signs. Pure.</summary>
internal static class Signers
{
    public const string Client = "kubernetes.io/kube-apiserver-client";
    public const string KubeletClient = "kubernetes.io/kube-apiserver-client-kubelet";
    public const string KubeletServing = "kubernetes.io/kubelet-serving";
    public const string LegacyUnknown = "kubernetes.io/legacy-unknown";
    private const string ClientAuth = "client auth";
    private const string ServerAuth = "server auth";
    private static readonly string[] Optional = ["digital signature", "key encipherment"];

    public static bool Serves(string signer) => signer is Client or KubeletClient or KubeletServing or LegacyUnknown;

    /// <summary>Why the signer does not sign this, or null.</summary>
    public static string? Complaint(string signer, SigningRequest asked, IEnumerable<string> usages) => signer switch
    {
        Client => ClientUsages(usages),
        KubeletClient => KubeletClientComplaint(asked, usages),
        KubeletServing => KubeletServingComplaint(asked, usages),
        _ => null,
    };

    /// <summary>Why this is no request for the client certificate of a node, or null.</summary>
    public static string? KubeletClientComplaint(SigningRequest asked, IEnumerable<string> usages) =>
        NodeComplaint(asked)
        ?? (asked.DnsNames.Count > 0 ? "DNS subjectAltNames are not allowed"
            : asked.Emails.Count > 0 ? "Email subjectAltNames are not allowed"
            : asked.Addresses.Count > 0 ? "IP subjectAltNames are not allowed"
            : asked.Uris.Count > 0 ? "URI subjectAltNames are not allowed"
            : ExactUsages(ClientAuth, usages));

    private static string? KubeletServingComplaint(SigningRequest asked, IEnumerable<string> usages) =>
        NodeComplaint(asked)
        ?? (asked.DnsNames.Count + asked.Addresses.Count == 0 ? "DNS or IP subjectAltName is required"
            : asked.Emails.Count > 0 ? "Email subjectAltNames are not allowed"
            : asked.Uris.Count > 0 ? "URI subjectAltNames are not allowed"
            : ExactUsages(ServerAuth, usages));

    private static string? NodeComplaint(SigningRequest asked) =>
        asked.Organizations is not ["system:nodes"] ? "subject organization is not system:nodes"
        : !asked.CommonName.StartsWith("system:node:", StringComparison.Ordinal) ? "subject common name does not begin with system:node:"
        : null;

    private static string? ExactUsages(string needed, IEnumerable<string> usages)
    {
        var given = usages.ToHashSet();
        return given.Contains(needed) && given.Contains(Optional[0]) && given.All(u => u == needed || Optional.Contains(u))
            ? null
            : $"usages did not match [{string.Join(" ", new[] { needed }.Concat(Optional).Order(StringComparer.Ordinal))}]";
    }

    private static string? ClientUsages(IEnumerable<string> usages)
    {
        var given = usages.ToArray();
        return given.FirstOrDefault(u => u != ClientAuth && !Optional.Contains(u)) is { } other ? $"invalid usage for client certificate: {other}"
            : !given.Contains(ClientAuth) ? $"missing required usage for client certificate: {ClientAuth}"
            : null;
    }
}
