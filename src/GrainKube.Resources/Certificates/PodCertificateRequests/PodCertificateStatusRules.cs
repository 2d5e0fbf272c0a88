using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Certificates.PodCertificateRequests;

/// <summary>A request is issued, denied or failed, once; and what is issued is what was asked for.</summary>
internal static class PodCertificateStatusRules
{
    private const int MaximumChain = 50 * 1024;
    private static readonly string[] Ends = ["Issued", "Denied", "Failed"];
    private static readonly TimeSpan Shortest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    public static void Check(V1PodCertificateRequest next, V1PodCertificateRequest current, FieldErrors errors)
    {
        if (!Conditions(next.Status?.Conditions ?? [], errors.At("conditions")))
        {
            return;
        }

        if (EndOf(current) is not null)
        {
            Same(next, current, errors, "immutable after PodCertificateRequest is issued, denied, or failed");
        }
        else if (EndOf(next) is not { } end)
        {
            Same(next, current, errors, "status is immutable unless transitioning to \"Issued\", \"Denied\", or \"Failed\"");
        }
        else if (end == "Issued")
        {
            Issued(next, errors);
        }
        else if (next.Status is { CertificateChain: not (null or "") } or { NotBefore: not null } or { NotAfter: not null } or { BeginRefreshAt: not null })
        {
            errors.InvalidWithout("non-condition status fields must be empty when denying or failing the PodCertificateRequest");
        }
    }

    private static string? EndOf(V1PodCertificateRequest item) => item.Status?.Conditions?.FirstOrDefault(c => Ends.Contains(c.Type) && c.Status == "True")?.Type;

    private static bool Conditions(IList<V1Condition> conditions, FieldErrors errors)
    {
        var (ends, wrong) = (0, false);
        for (var i = 0; i < conditions.Count; i++)
        {
            if (!Ends.Contains(conditions[i].Type))
            {
                errors.At(i).At("type").NotSupported(conditions[i].Type, Ends);
                wrong = true;
                continue;
            }

            if (++ends > 1)
            {
                errors.At(i).At("type").Invalid(conditions[i].Type, "There may be at most one condition with type \"Issued\", \"Denied\", or \"Failed\"");
                wrong = true;
            }

            if (conditions[i].Status != "True")
            {
                errors.At(i).At("status").NotSupported(conditions[i].Status, "True");
                wrong = true;
            }
        }

        ConditionRules.Check(conditions, errors);
        return !wrong;
    }

    private static void Same(V1PodCertificateRequest next, V1PodCertificateRequest current, FieldErrors errors, string message)
    {
        if (!ModelEquality.AreSame(next.Status, current.Status))
        {
            errors.InvalidWithout(message);
        }
    }

    private static void Issued(V1PodCertificateRequest item, FieldErrors errors)
    {
        var (status, chain, place) = (item.Status, item.Status.CertificateChain ?? "", errors.At("certificateChain"));
        if (chain.Length > MaximumChain)
        {
            place.TooLong(MaximumChain);
            return;
        }

        using var leaf = Leaf(chain, place);
        if (leaf is null)
        {
            return;
        }

        var asked = PodCertificateRequestValidator.KeyOf(item.Spec.StubPKCS10Request ?? []);
        if (asked is null || !asked.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(leaf.PublicKey.ExportSubjectPublicKeyInfo()))
        {
            place.Invalid(chain, "leaf certificate was not issued to the requested public key");
            return;
        }

        Require(status.NotBefore, "must be present and consistent with the issued certificate", errors.At("notBefore"));
        Require(status.NotAfter, "must be present and consistent with the issued certificate", errors.At("notAfter"));
        Require(status.BeginRefreshAt, "must be present and in the range [notbefore+10min, notafter-10min]", errors.At("beginRefreshAt"));
        if (status is { NotBefore: { } from, NotAfter: { } until, BeginRefreshAt: { } refresh })
        {
            Times(item, leaf, (from, until, refresh), errors);
        }
    }

    private static void Times(V1PodCertificateRequest item, X509Certificate2 leaf, (DateTime From, DateTime Until, DateTime Refresh) said, FieldErrors errors)
    {
        var (from, until) = (leaf.NotBefore.ToUniversalTime(), leaf.NotAfter.ToUniversalTime());
        var life = until - from;
        if (said.From.ToUniversalTime() != from)
        {
            errors.At("notBefore").Invalid(said.From, "must be set to the NotBefore time encoded in the leaf certificate");
        }
        else if (said.Until.ToUniversalTime() != until)
        {
            errors.At("notAfter").Invalid(said.Until, "must be set to the NotAfter time encoded in the leaf certificate");
        }
        else if (life < Shortest)
        {
            errors.At("certificateChain").Invalid(life.ToString(), "leaf certificate lifetime must be >= 1 hour");
        }
        else if (life > TimeSpan.FromSeconds(item.Spec.MaxExpirationSeconds ?? 0))
        {
            errors.At("certificateChain").Invalid(life.ToString(), $"leaf certificate lifetime must be <= spec.maxExpirationSeconds ({item.Spec.MaxExpirationSeconds})");
        }
        else if (said.Refresh.ToUniversalTime() < from + Margin)
        {
            errors.At("beginRefreshAt").Invalid(said.Refresh, "must be at least 10 minutes after status.notBefore");
        }
        else if (said.Refresh.ToUniversalTime() > until - Margin)
        {
            errors.At("beginRefreshAt").Invalid(said.Refresh, "must be at least 10 minutes before status.notAfter");
        }
    }

    private static X509Certificate2? Leaf(string chain, FieldErrors errors)
    {
        X509Certificate2? leaf = null;
        foreach (var (label, data) in Pem.BlocksOf(chain))
        {
            if (label != Pem.Certificate)
            {
                errors.Invalid(chain, "issued certificate chain must consist entirely of CERTIFICATE PEM blocks");
                return null;
            }

            try
            {
                var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(data));
                if (leaf is null)
                {
                    leaf = certificate;
                }
                else
                {
                    certificate.Dispose();
                }
            }
            catch (Exception malformed) when (malformed is FormatException or CryptographicException)
            {
                errors.Invalid(chain, $"{(leaf is null ? "leaf" : "intermediate")} certificate does not parse as valid X.509");
                return null;
            }
        }

        if (leaf is null)
        {
            errors.Invalid(chain, "issued certificate chain must contain at least one certificate");
        }

        return leaf;
    }

    private static void Require(DateTime? time, string message, FieldErrors errors)
    {
        if (time is null)
        {
            errors.Required(message);
        }
    }
}
