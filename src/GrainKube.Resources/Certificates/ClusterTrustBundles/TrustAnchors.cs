using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Certificates.ClusterTrustBundles;

/// <summary>A bundle holds certificates of authorities and nothing else, each once.</summary>
internal static class TrustAnchors
{
    private const int MaximumBytes = 1 << 20;
    private const string Omitted = "<value omitted>";

    public static void Check(string bundle, FieldErrors errors)
    {
        if (bundle.Length > MaximumBytes)
        {
            errors.TooLong(MaximumBytes);
            return;
        }

        var places = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var wrong = false;
        var index = 0;
        foreach (var (label, data) in Pem.BlocksOf(bundle))
        {
            if (ProblemOf(label, data) is { } problem)
            {
                errors.Invalid(Omitted, $"entry {index} {problem}");
                wrong = true;
            }
            else if (!places.TryAdd(data, [index]))
            {
                places[data].Add(index);
            }

            index++;
        }

        if (wrong)
        {
            return;
        }

        if (places.Count == 0)
        {
            errors.Invalid(Omitted, "at least one trust anchor must be provided");
        }

        foreach (var same in places.Values.Where(p => p.Count > 1))
        {
            errors.Invalid(Omitted, $"duplicate trust anchor (indices [{string.Join(' ', same)}])");
        }
    }

    private static string? ProblemOf(string label, string data)
    {
        if (label != Pem.Certificate)
        {
            return $"has bad block type: {label}";
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(data));
            return certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault()?.CertificateAuthority == true ? null : "does not have the CA bit set";
        }
        catch (FormatException)
        {
            return "has PEM block headers"; // what is no base64 in a block
        }
        catch (CryptographicException)
        {
            return "does not parse as X.509";
        }
    }
}
