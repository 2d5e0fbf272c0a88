namespace GrainKube.Kubelet.Volumes;

/// <summary>A certificate that was issued to a pod.</summary>
/// <param name="Key">Its private key, PKCS#8 in PEM.</param>
/// <param name="Chain">The certificate and what leads from it to an anchor, in PEM.</param>
/// <param name="EndsAt">When it is no longer good.</param>
/// <param name="RefreshAt">When to look whether there is a better one.</param>
internal sealed record PodCertificate(string Key, string Chain, DateTimeOffset EndsAt, DateTimeOffset RefreshAt);
