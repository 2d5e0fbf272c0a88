using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.Nodes;

internal sealed class NodeValidator : IValidator<V1Node>
{
    public void Validate(V1Node item, FieldErrors errors)
    {
        // Upstream looks for taints below metadata, and its users know that path.
        Taints(item.Spec?.Taints, errors.At("metadata").At("taints"));
        Amounts(item.Status, errors.At("status"));
        Ranges(item.Spec?.PodCIDRs, errors.At("spec").At("podCIDRs"));
    }

    public void ValidateUpdate(V1Node next, V1Node current, FieldErrors errors)
    {
        Amounts(next.Status, errors.At("status"));
        Taints(next.Spec?.Taints, errors.At("metadata").At("taints"));
        var (ranges, before) = (next.Spec?.PodCIDRs ?? [], current.Spec?.PodCIDRs ?? []);
        if (before.Count > 0 && !ranges.SequenceEqual(before))
        {
            errors.At("spec").At("podCIDRs").Forbidden("node updates may not change podCIDR except from \"\" to valid");
        }
        else
        {
            Ranges(ranges, errors.At("spec").At("podCIDRs"));
        }

        if (!string.IsNullOrEmpty(current.Spec?.ProviderID) && next.Spec?.ProviderID != current.Spec.ProviderID)
        {
            errors.At("spec").At("providerID").Forbidden("node updates may not change providerID except from \"\" to valid");
        }

        if ((next.Spec?.ExternalID ?? "") != (current.Spec?.ExternalID ?? ""))
        {
            errors.At("").Forbidden("node updates may only change labels, taints, or capacity");
        }
    }

    public void Warn(V1Node next, V1Node? current, IList<string> warnings)
    {
        if (next.Spec?.ConfigSource is not null)
        {
            warnings.Add("spec.configSource: the feature is removed");
        }

        if (!string.IsNullOrEmpty(next.Spec?.ExternalID))
        {
            warnings.Add("spec.externalID: this field is deprecated, and is unused by Kubernetes");
        }
    }

    public void ValidateStatusUpdate(V1Node next, V1Node current, FieldErrors errors)
    {
        Amounts(next.Status, errors.At("status"));
        var addresses = new HashSet<(string?, string?)>();
        for (var i = 0; i < next.Status?.Addresses?.Count; i++)
        {
            var address = next.Status.Addresses[i];
            if (!addresses.Add((address.Type, address.Address)))
            {
                errors.At("status").At("addresses").At(i).Duplicate(address);
            }
        }
    }

    private static void Taints(IList<V1Taint>? taints, FieldErrors errors)
    {
        var seen = new HashSet<(string?, string?)>();
        for (var i = 0; i < taints?.Count; i++)
        {
            var (taint, place) = (taints[i], errors.At(i));
            LabelRules.Key(taint.Key ?? "", place.At("key"));
            if (NameRules.LabelValue(taint.Value ?? "") is { Count: > 0 } problems)
            {
                place.At("value").Invalid(taint.Value, string.Join(";", problems));
            }

            place.At("effect").RequiredOneOf(taint.Effect, TolerationRules.Effects);
            if (!seen.Add((taint.Key, taint.Effect)))
            {
                place.Duplicate(taint, "taints must be unique by key and effect pair");
            }
        }
    }

    private static void Amounts(V1NodeStatus? status, FieldErrors errors)
    {
        foreach (var (name, amount) in status?.Capacity ?? new Dictionary<string, ResourceQuantity>())
        {
            ResourceNameRules.Amount(name, amount, errors.At("capacity").At(name));
        }

        foreach (var (name, amount) in status?.Allocatable ?? new Dictionary<string, ResourceQuantity>())
        {
            ResourceNameRules.Amount(name, amount, errors.At("allocatable").At(name));
        }
    }

    private static void Ranges(IList<string>? ranges, FieldErrors errors)
    {
        for (var i = 0; i < ranges?.Count; i++)
        {
            errors.At(i).Report(ranges[i], NameRules.Cidr(ranges[i]));
        }

        if (ranges?.Count > 2 || (ranges?.Count == 2 && ranges[0].Contains(':') == ranges[1].Contains(':')))
        {
            errors.Invalid(ranges, "may specify no more than one CIDR for each IP family");
        }
    }
}
