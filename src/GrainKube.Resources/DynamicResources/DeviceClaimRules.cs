using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources;

/// <summary>Rules for the devices that a claim asks for.</summary>
internal static class DeviceClaimRules
{
    public const int MaximumRequests = 32;
    private const int MaximumConstraints = 32;
    private const int MaximumAlternatives = 8;

    public static void Check(V1DeviceClaim? claim, FieldErrors errors)
    {
        if (claim is null)
        {
            return;
        }

        var names = new RequestNames(claim);
        errors.At("requests").EachOnce(claim.Requests, MaximumRequests, r => r.Name ?? "", Request);
        errors.At("constraints").Each(claim.Constraints, MaximumConstraints, (constraint, place) => Constraint(constraint, names, place));
        errors.At("config").Each(claim.Config, DeviceConfigurationRules.Maximum, (config, place) =>
        {
            names.Check(config.Requests, place.At("requests"));
            DeviceConfigurationRules.Check(config.Opaque, stored: false, place);
        });
    }

    private static void Request(V1DeviceRequest request, FieldErrors errors)
    {
        DeviceNameRules.Label(request.Name, errors.At("name"));
        switch (request.Exactly, request.FirstAvailable?.Count > 0)
        {
            case (null, false):
                errors.Required("exactly one of `exactly` or `firstAvailable` is required");
                break;
            case (not null, true):
                errors.Invalid(null, "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set");
                break;
            case (null, true):
                errors.At("firstAvailable").EachOnce(request.FirstAvailable, MaximumAlternatives, a => a.Name ?? "", Alternative);
                break;
            case ({ } only, false):
                Devices(only.DeviceClassName, only.Selectors, only.AllocationMode, only.Count, only.Tolerations, errors.At("exactly"));
                break;
        }
    }

    private static void Alternative(V1DeviceSubRequest request, FieldErrors errors)
    {
        DeviceNameRules.Label(request.Name, errors.At("name"));
        Devices(request.DeviceClassName, request.Selectors, request.AllocationMode, request.Count, request.Tolerations, errors);
    }

    private static void Devices(string? className, IList<V1DeviceSelector>? selectors, string? mode, long? count, IList<V1DeviceToleration>? tolerations, FieldErrors errors)
    {
        errors.At("deviceClassName").RequiredName(className, NameRules.DnsSubdomain);
        DeviceSelectorRules.Check(selectors, stored: false, errors.At("selectors"));
        switch (mode)
        {
            case "All":
                if (count is not (null or 0))
                {
                    errors.At("count").Invalid(count, "must not be specified when allocationMode is 'All'");
                }

                break;
            case "ExactCount":
                if (count is null or <= 0)
                {
                    errors.At("count").Invalid(count ?? 0, "must be greater than zero");
                }

                break;
            default:
                errors.At("allocationMode").NotSupported(mode ?? "", "All", "ExactCount");
                break;
        }

        errors.At("tolerations").Each(tolerations, int.MaxValue, TaintRules.Toleration);
    }

    private static void Constraint(V1DeviceConstraint constraint, RequestNames names, FieldErrors errors)
    {
        names.Check(constraint.Requests, errors.At("requests"));
        if (constraint.MatchAttribute is { } same)
        {
            DeviceNameRules.FullyQualified(same, errors.At("matchAttribute"));
        }
        else if (constraint.DistinctAttribute is { } distinct)
        {
            DeviceNameRules.FullyQualified(distinct, errors.At("distinctAttribute"));
        }
        else
        {
            errors.Required("exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set");
        }
    }
}
