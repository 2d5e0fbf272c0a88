using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Certificates.CertificateSigningRequests;

internal sealed class CertificateSigningRequestValidator : IValidator<V1CertificateSigningRequest>
{
    private const int ShortestSeconds = 600;
    private const string LegacyUnknown = "kubernetes.io/legacy-unknown";
    private static readonly string[] Lasting = ["Approved", "Denied", "Failed"];
    private static readonly string[] Decisions = ["Approved", "Denied"];
    private static readonly string[] KnownUsages =
    [
        "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only", "digital signature", "email protection",
        "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime",
        "server auth", "signing", "timestamping",
    ];

    private static readonly string[] Statuses = ["False", "True", "Unknown"];

    public void Validate(V1CertificateSigningRequest item, FieldErrors errors)
    {
        var spec = errors.At("spec");
        Request(item.Spec.Request, spec.At("request"));
        Usages(item.Spec.Usages ?? [], spec.At("usages"));
        if (item.Spec.SignerName == LegacyUnknown)
        {
            spec.At("signerName").Invalid(item.Spec.SignerName, "the legacy signerName is not allowed via this API version");
        }
        else
        {
            SignerNameRules.Check(item.Spec.SignerName ?? "", spec.At("signerName"));
        }

        if (item.Spec.ExpirationSeconds < ShortestSeconds)
        {
            spec.At("expirationSeconds").Invalid(item.Spec.ExpirationSeconds, "may not specify a duration less than 600 seconds (10 minutes)");
        }
    }

    /// <summary>Nothing of the object itself can change.</summary>
    public void ValidateUpdate(V1CertificateSigningRequest next, V1CertificateSigningRequest current, FieldErrors errors) { }

    public void ValidateStatusUpdate(V1CertificateSigningRequest next, V1CertificateSigningRequest current, FieldErrors errors)
    {
        var (status, conditions) = (errors.At("status"), errors.At("status").At("conditions"));
        Conditions(next, conditions);
        Certificate(next.Status?.Certificate, status.At("certificate"));
        KeepLasting(next, current, conditions);
        foreach (var type in Decisions)
        {
            var (before, after) = (Of(current, type), Of(next, type));
            if (before is null && after is not null)
            {
                conditions.Forbidden($"updates may not add a condition of type \"{type}\"");
            }
            else if (before is not null && after is not null && (before.Reason, before.Message, before.Status) != (after.Reason, after.Message, after.Status))
            {
                conditions.Forbidden($"updates may not modify a condition of type \"{type}\"");
            }
        }

        if (current.Status?.Certificate is { Length: > 0 } issued && !issued.AsSpan().SequenceEqual(next.Status?.Certificate))
        {
            status.At("certificate").Forbidden("updates may not modify existing certificate content");
        }
    }

    public void ValidateSubresource(string subresource, V1CertificateSigningRequest next, V1CertificateSigningRequest current, FieldErrors errors)
    {
        var conditions = errors.At("status").At("conditions");
        Conditions(next, conditions);
        KeepLasting(next, current, conditions);
    }

    private static void KeepLasting(V1CertificateSigningRequest next, V1CertificateSigningRequest current, FieldErrors conditions)
    {
        foreach (var type in Lasting.Where(type => Of(current, type) is not null && Of(next, type) is null))
        {
            conditions.Forbidden($"updates may not remove a condition of type \"{type}\"");
        }
    }

    private static void Conditions(V1CertificateSigningRequest item, FieldErrors conditions)
    {
        HashSet<string> seen = [];
        foreach (var (condition, i) in (item.Status?.Conditions ?? []).Select((c, i) => (c, i)))
        {
            var place = conditions.At(i);
            var type = condition.Type ?? "";
            if (type.Length == 0)
            {
                place.At("type").Required();
            }

            string[] allowed = Lasting.Contains(type) ? ["True"] : Statuses;
            if (string.IsNullOrEmpty(condition.Status))
            {
                place.At("status").Required();
            }
            else if (!allowed.Contains(condition.Status))
            {
                place.At("status").NotSupported(condition.Status, allowed);
            }

            if ((type == "Approved" && seen.Contains("Denied")) || (type == "Denied" && seen.Contains("Approved")))
            {
                place.At("type").Invalid(type, "Approved and Denied conditions are mutually exclusive");
            }

            if (!seen.Add(type))
            {
                place.At("type").Duplicate(type);
            }
        }
    }

    private static V1CertificateSigningRequestCondition? Of(V1CertificateSigningRequest item, string type) => item.Status?.Conditions?.FirstOrDefault(c => c.Type == type);

    private static void Usages(IList<string> usages, FieldErrors place)
    {
        if (usages.Count == 0)
        {
            place.Required("usages must be provided");
        }

        HashSet<string> seen = [];
        for (var i = 0; i < usages.Count; i++)
        {
            if (!KnownUsages.Contains(usages[i]))
            {
                place.At(i).NotSupported(usages[i], KnownUsages);
            }

            if (!seen.Add(usages[i]))
            {
                place.At(i).Duplicate(usages[i]);
            }
        }
    }

    private static void Request(byte[]? pem, FieldErrors place)
    {
        try
        {
            _ = SigningRequest.Parse(pem ?? []);
        }
        catch (FormatException malformed)
        {
            var isBlock = Encoding.ASCII.GetString(pem ?? []).Contains("-----BEGIN CERTIFICATE REQUEST-----", StringComparison.Ordinal);
            place.Invalid(pem ?? [], isBlock ? malformed.Message : "PEM block type must be CERTIFICATE REQUEST");
        }
    }

    private static void Certificate(byte[]? pem, FieldErrors place)
    {
        if (pem is not { Length: > 0 })
        {
            return;
        }

        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(Encoding.ASCII.GetString(pem));
            if (certificates.Count == 0)
            {
                place.Invalid("<certificate data>", "must contain at least one CERTIFICATE PEM block");
            }

            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
        catch (CryptographicException malformed)
        {
            place.Invalid("<certificate data>", malformed.Message);
        }
    }
}
