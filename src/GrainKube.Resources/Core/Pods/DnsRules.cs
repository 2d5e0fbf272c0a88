using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for what a pod resolves names with; the limits are those of the C library.</summary>
internal static class DnsRules
{
    public static void Check(V1PodDNSConfig? config, string? policy, FieldErrors errors)
    {
        if (policy == "None")
        {
            if (config is null)
            {
                errors.Required("must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }

            if (config.Nameservers is not { Count: > 0 })
            {
                errors.At("nameservers").Required("must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }

        if (config?.Nameservers is { Count: > 3 })
        {
            errors.At("nameservers").Invalid(config.Nameservers, "must not have more than 3 nameservers");
        }

        for (var i = 0; i < config?.Nameservers?.Count; i++)
        {
            errors.At("nameservers").At(i).Report(config.Nameservers[i], NameRules.Ip(config.Nameservers[i]));
        }

        Searches(config?.Searches, errors.At("searches"));
        for (var i = 0; i < config?.Options?.Count; i++)
        {
            errors.At("options").At(i).MustBeSet(config.Options[i].Name, "must not be empty");
        }
    }

    public static void HostAliases(IList<V1HostAlias>? aliases, FieldErrors errors)
    {
        for (var i = 0; i < aliases?.Count; i++)
        {
            errors.At(i).At("ip").Report(aliases[i].Ip ?? "", NameRules.Ip(aliases[i].Ip ?? ""));
            for (var j = 0; j < aliases[i].Hostnames?.Count; j++)
            {
                errors.At(i).At("hostnames").At(j).Report(aliases[i].Hostnames[j], NameRules.DnsSubdomain(aliases[i].Hostnames[j]));
            }
        }
    }

    private static void Searches(IList<string>? searches, FieldErrors errors)
    {
        if (searches is { Count: > 32 })
        {
            errors.Invalid(searches, "must not have more than 32 search paths");
        }

        if (searches is not null && string.Join(' ', searches).Length > 2048)
        {
            errors.Invalid(searches, "must not have more than 2048 characters (including spaces) in the search list");
        }

        for (var i = 0; i < searches?.Count; i++)
        {
            // A lone dot means the root, and underscores are common in the names of services.
            var name = searches[i] == "." ? "root" : searches[i].TrimEnd('.').Replace('_', 'x');
            errors.At(i).Report(searches[i], NameRules.DnsSubdomain(name));
        }
    }
}
