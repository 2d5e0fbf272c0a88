using System.Net;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Services;

/// <summary>Rules for <c>clusterIP</c>, <c>clusterIPs</c>, <c>ipFamilies</c> and <c>ipFamilyPolicy</c>, which hang together.</summary>
internal static class ClusterIpRules
{
    public static bool IsHeadless(V1ServiceSpec spec) => spec.ClusterIPs is { Count: 1 } list ? list[0] == "None" : spec.ClusterIP == "None";

    public static void Check(V1ServiceSpec spec, FieldErrors errors)
    {
        if (spec.Type == "ExternalName")
        {
            return;
        }

        var place = errors.At("clusterIPs");
        var addresses = spec.ClusterIPs ?? [];
        if (string.IsNullOrEmpty(spec.ClusterIP))
        {
            if (addresses.Count > 0)
            {
                place.Invalid(addresses, "must be empty when `clusterIP` is not specified");
            }
        }
        else if (addresses.Count == 0)
        {
            place.Required();
        }
        else if (addresses[0] != spec.ClusterIP)
        {
            place.Invalid(addresses, "first value must match `clusterIP`");
        }

        Families(spec, errors);
        Addresses(spec, addresses, place);
    }

    /// <summary>An address once given stays, except on the way from or to an external name.</summary>
    public static void CheckUpdate(V1ServiceSpec next, V1ServiceSpec current, FieldErrors errors)
    {
        if (next.Type == "ExternalName" || current.Type == "ExternalName" || (IsHeadless(next) && IsHeadless(current)))
        {
            return;
        }

        var (addresses, before) = (next.ClusterIPs ?? [], current.ClusterIPs ?? []);
        if (before.Count > 0 && addresses.Count == 0)
        {
            errors.At("clusterIPs").At(0).Invalid(addresses, "primary clusterIP can not be unset");
        }

        for (var i = 0; i < Math.Min(addresses.Count, before.Count); i++)
        {
            if (addresses[i] != before[i])
            {
                errors.At("clusterIPs").At(i).Invalid(addresses, "may not change once set");
            }
        }

        if (before.Count > addresses.Count && addresses.Count == 1 && next.IpFamilyPolicy != "SingleStack")
        {
            errors.At("ipFamilyPolicy").Invalid(next.IpFamilyPolicy, "must be set to 'SingleStack' when releasing the secondary clusterIP");
        }

        if (!IsHeadless(next) && !IsHeadless(current) && current.IpFamilies is { Count: > 0 } families
            && next.IpFamilies is { Count: > 0 } changed && changed[0] != families[0])
        {
            errors.At("ipFamilies").At(0).Invalid(changed, "may not change once set");
        }
    }

    /// <summary>Addresses that never lead to another machine.</summary>
    public static IReadOnlyList<string> SpecialAddress(string text)
    {
        var address = IPAddress.Parse(text);
        var bytes = address.GetAddressBytes();
        var four = bytes.Length == 4;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            return [$"may not be unspecified ({text})"];
        }

        if (IPAddress.IsLoopback(address))
        {
            return ["may not be in the loopback range (127.0.0.0/8, ::1/128)"];
        }

        if (four ? bytes[0] == 169 && bytes[1] == 254 : address.IsIPv6LinkLocal)
        {
            return ["may not be in the link-local range (169.254.0.0/16, fe80::/10)"];
        }

        return four && bytes is [224, 0, 0, _] ? ["may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"] : [];
    }

    private static void Families(V1ServiceSpec spec, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < spec.IpFamilies?.Count; i++)
        {
            errors.At("ipFamilies").At(i).OneOf(spec.IpFamilies[i], "IPv4", "IPv6");
            if (!seen.Add(spec.IpFamilies[i]))
            {
                errors.At("ipFamilies").At(i).Duplicate(spec.IpFamilies[i]);
            }
        }

        errors.At("ipFamilyPolicy").OneOf(spec.IpFamilyPolicy, "PreferDualStack", "RequireDualStack", "SingleStack");
    }

    private static void Addresses(V1ServiceSpec spec, IList<string> addresses, FieldErrors errors)
    {
        var bad = false;
        for (var i = 0; i < addresses.Count; i++)
        {
            if (i == 0 && addresses[i] == "None")
            {
                if (addresses.Count > 1)
                {
                    bad = true;
                    errors.Invalid(addresses, "'None' must be the first and only value");
                }

                continue;
            }

            var problems = NameRules.Ip(addresses[i]);
            bad |= problems.Count > 0;
            errors.At(i).Report(addresses[i], problems);
        }

        if (addresses.Count > 2)
        {
            errors.Invalid(addresses, "may only hold up to 2 values");
        }

        if (bad)
        {
            return;
        }

        if (addresses.Count > 1 && addresses.Select(a => a.Contains(':')).Distinct().Count() == 1)
        {
            errors.Invalid(addresses, "may specify no more than one IP for each IP family");
        }

        for (var i = 0; !IsHeadless(spec) && i < Math.Min(addresses.Count, spec.IpFamilies?.Count ?? 0); i++)
        {
            if (addresses[i].Contains(':') != (spec.IpFamilies![i] == "IPv6"))
            {
                errors.At(i).Invalid(addresses[i], $"expected an {spec.IpFamilies[i]} value as indicated by `ipFamilies[{i}]`");
            }
        }
    }
}
