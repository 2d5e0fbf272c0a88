using System.Security.Cryptography.X509Certificates;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Security.Identity;

namespace GrainKube.Security.Pki;

/// <summary>Tells who a client certificate stands for.</summary>
public sealed class ClientCertificates(CertificateAuthority authority, TimeProvider time)
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    /// <summary>The user of a certificate that the cluster's authority signed for clients and that is in date; null for any other.</summary>
    public UserInfo? Identify(X509Certificate2 certificate)
    {
        if (!authority.IssuedToClient(certificate, time.GetUtcNow()))
        {
            return null;
        }

        var (user, groups) = ("", new List<string>());
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value is CommonName)
            {
                user = part.GetSingleElementValue() ?? "";
            }
            else if (!part.HasMultipleElements && part.GetSingleElementType().Value is Organization && part.GetSingleElementValue() is { } group)
            {
                groups.Add(group);
            }
        }

        return user.Length == 0 ? null : new UserInfo
        {
            Name = user,
            Groups = [.. groups, WellKnown.Authenticated],
            Extra = new Dictionary<string, IReadOnlyList<string>>
            {
                ["authentication.kubernetes.io/credential-id"] =
                    [$"X509SHA256={Convert.ToHexStringLower(certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256))}"],
            },
        };
    }
}
