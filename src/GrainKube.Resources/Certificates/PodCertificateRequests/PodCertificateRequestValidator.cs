using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Certificates.PodCertificateRequests;

/// <summary>What is asked for never changes; what becomes of it is told once.</summary>
internal sealed class PodCertificateRequestValidator : IValidator<V1PodCertificateRequest>
{
    private const int LongestUid = 128;
    private const int ShortestLife = 3600;
    private const int LongestLife = 91 * 24 * 3600;
    private const int LongestLifeOfOurs = 24 * 3600;
    private const int MaximumRequest = 10 * 1024;

    public void Validate(V1PodCertificateRequest item, FieldErrors errors)
    {
        var (spec, place) = (item.Spec, errors.At("spec"));
        SignerNameRules.Check(spec.SignerName ?? "", place.At("signerName"));
        Annotations(spec.UnverifiedUserAnnotations, place.At("unverifiedUserAnnotations"));
        Name(spec.PodName, place.At("podName"));
        Uid(spec.PodUID, place.At("podUID"));
        Name(spec.ServiceAccountName, place.At("serviceAccountName"));
        Uid(spec.ServiceAccountUID, place.At("serviceAccountUID"));
        Name(spec.NodeName, place.At("nodeName"));
        Uid(spec.NodeUID, place.At("nodeUID"));
        var longest = IsOfKubernetes(spec.SignerName ?? "") ? LongestLifeOfOurs : LongestLife;
        if (spec.MaxExpirationSeconds is not { } life)
        {
            place.At("maxExpirationSeconds").Required("must be set");
        }
        else if (life < ShortestLife || life > longest)
        {
            place.At("maxExpirationSeconds").Invalid(life, $"must be in the range [{ShortestLife}, {longest}]");
        }

        Request(spec.StubPKCS10Request ?? [], place.At("stubPKCS10Request"));
    }

    public void ValidateUpdate(V1PodCertificateRequest next, V1PodCertificateRequest current, FieldErrors errors)
    {
        if (!ModelEquality.AreSame(next.Spec, current.Spec))
        {
            errors.At("spec").Invalid(next.Spec, "field is immutable");
        }
    }

    public void ValidateStatusUpdate(V1PodCertificateRequest next, V1PodCertificateRequest current, FieldErrors errors) =>
        PodCertificateStatusRules.Check(next, current, errors.At("status"));

    /// <summary>The key that is asked for; null where the request is none, or not signed with it.</summary>
    public static PublicKey? KeyOf(byte[] request)
    {
        try
        {
            return SignedRequests.Load(request).PublicKey;
        }
        catch (Exception malformed) when (malformed is CryptographicException or AsnContentException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsOfKubernetes(string signer) =>
        signer.Split('/')[0] is var domain && (domain == "kubernetes.io" || domain.EndsWith(".kubernetes.io", StringComparison.Ordinal));

    private static void Name(string? name, FieldErrors errors) => errors.Report(name ?? "", NameRules.DnsSubdomain(name ?? ""));

    private static void Uid(string? uid, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(uid))
        {
            errors.Invalid("", "must not be empty");
        }
        else if (uid.Length > LongestUid)
        {
            errors.TooLong(LongestUid);
        }
    }

    private static void Annotations(IDictionary<string, string>? annotations, FieldErrors errors)
    {
        LabelRules.Annotations(annotations, errors);
        foreach (var name in (annotations ?? new Dictionary<string, string>()).Keys.Where(key => !key.Contains('/')))
        {
            errors.Invalid(name, "must be a domain-prefixed key (such as \"acme.io/foo\")");
        }
    }

    private static void Request(byte[] request, FieldErrors errors)
    {
        if (request.Length > MaximumRequest)
        {
            errors.TooLong(MaximumRequest);
            return;
        }

        if (KeyOf(request) is not { } key)
        {
            errors.Invalid("<value omitted>", "must be a valid PKCS#10 certificate signing request, signed with its own key");
            return;
        }

        using var rsa = key.GetRSAPublicKey();
        using var curve = key.GetECDsaPublicKey();
        if (rsa is not null && rsa.KeySize is not (3072 or 4096))
        {
            errors.Invalid($"{rsa.KeySize}-bit modulus", "RSA keys must have modulus size 3072 or 4096");
        }
        else if (curve is not null && curve.KeySize is not (256 or 384 or 521))
        {
            errors.Invalid($"curve P-{curve.KeySize}", "elliptic public keys must use curve P256, P384 or P521");
        }
    }
}
