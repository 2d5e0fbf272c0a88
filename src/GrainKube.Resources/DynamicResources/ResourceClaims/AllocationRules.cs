using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using GrainKube.Resources.Storage;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceClaims;

/// <summary>Rules for the devices that a claim is given.</summary>
internal static class AllocationRules
{
    private const int MaximumResults = 32;

    public static void Check(V1AllocationResult allocation, RequestNames names, FieldErrors errors)
    {
        var devices = errors.At("devices");
        devices.At("results").Each(allocation.Devices?.Results, MaximumResults, (result, place) => Result(result, names, place));

        // Those of the class and those of the claim.
        devices.At("config").Each(allocation.Devices?.Config, 2 * DeviceConfigurationRules.Maximum, (config, place) =>
        {
            place.At("source").RequiredOneOf(config.Source, "FromClaim", "FromClass");
            names.Check(config.Requests, place.At("requests"));
            DeviceConfigurationRules.Check(config.Opaque, stored: false, place);
        });
        if (allocation.NodeSelector is { } nodes)
        {
            AffinityRules.NodeSelector(nodes, errors.At("nodeSelector"));
        }
    }

    private static void Result(V1DeviceRequestAllocationResult result, RequestNames names, FieldErrors errors)
    {
        names.Check(result.Request, errors.At("request"));
        CsiDriverNameRules.Check(result.Driver, errors.At("driver"));
        DeviceNameRules.Pool(result.Pool, errors.At("pool"));
        DeviceNameRules.Label(result.Device, errors.At("device"));
        BindingConditionRules.Check(result.BindingConditions, result.BindingFailureConditions, errors);
        errors.At("tolerations").Each(result.Tolerations, int.MaxValue, TaintRules.Toleration);
        DeviceNameRules.Share(result.ShareID, errors.At("shareID"));
        BindingConditionRules.Skipped(result.SkipNodeOperations, errors.At("skipNodeOperations"));
    }
}
