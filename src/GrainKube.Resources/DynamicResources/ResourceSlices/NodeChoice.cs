using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

/// <summary>Rules for the nodes that have devices: one way to say it, of the slice or of each device.</summary>
internal static class NodeChoice
{
    private const string OneOfSlice = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
    private const string OneOfDevice = "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";

    public static void Check(V1ResourceSliceSpec spec, FieldErrors errors)
    {
        var chosen = new List<string>();
        Name(spec.NodeName, "must be either unset or set to a non-empty string", chosen, errors);
        Selector(spec.NodeSelector, chosen, errors);
        if (spec.NodeSelector is { } selector && selector.NodeSelectorTerms?.Count != 1)
        {
            errors.At("nodeSelector").At("nodeSelectorTerms").Invalid(selector.NodeSelectorTerms, "must have exactly one node selector term");
        }

        Flag(spec.AllNodes, "allNodes", chosen, errors);
        Flag(spec.PerDeviceNodeSelection, "perDeviceNodeSelection", chosen, errors);
        One(chosen, OneOfSlice, OneOfSlice + ", but multiple fields are set", errors);
    }

    public static void Check(V1Device device, bool perDevice, FieldErrors errors)
    {
        if (!perDevice)
        {
            if (device.NodeName is not null || device.NodeSelector is not null || device.AllNodes is not null)
            {
                errors.Invalid(null, "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec");
            }

            return;
        }

        var chosen = new List<string>();
        Name(device.NodeName, "must not be empty", chosen, errors);
        Selector(device.NodeSelector, chosen, errors);
        Flag(device.AllNodes, "allNodes", chosen, errors);
        One(chosen, OneOfDevice, OneOfDevice, errors);
    }

    private static void Name(string? name, string complaint, List<string> chosen, FieldErrors errors)
    {
        if (name is "")
        {
            errors.At("nodeName").Invalid(name, complaint);
        }
        else if (name is not null)
        {
            chosen.Add("`nodeName`");
            errors.At("nodeName").Report(name, NameRules.DnsSubdomain(name));
        }
    }

    private static void Selector(V1NodeSelector? selector, List<string> chosen, FieldErrors errors)
    {
        if (selector is not null)
        {
            chosen.Add("`nodeSelector`");
            AffinityRules.NodeSelector(selector, errors.At("nodeSelector"));
        }
    }

    private static void Flag(bool? flag, string field, List<string> chosen, FieldErrors errors)
    {
        if (flag == true)
        {
            chosen.Add($"`{field}`");
        }
        else if (flag == false)
        {
            errors.At(field).Invalid(flag, "must be either unset or set to true");
        }
    }

    private static void One(List<string> chosen, string missing, string many, FieldErrors errors)
    {
        if (chosen.Count == 0)
        {
            errors.Required(missing);
        }
        else if (chosen.Count > 1)
        {
            errors.Invalid($"{{{string.Join(", ", chosen)}}}", many);
        }
    }
}
