using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Storage.CSIDrivers;

internal sealed class CSIDriverValidator : IValidator<V1CSIDriver>
{
    private const int ShortestToken = 600;
    private static readonly string[] GroupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
    private static readonly string[] LifecycleModes = ["Persistent", "Ephemeral"];

    public void Validate(V1CSIDriver item, FieldErrors errors)
    {
        var (spec, place) = (item.Spec ?? new V1CSIDriverSpec(), errors.At("spec"));
        place.At("fsGroupPolicy").OneOf(spec.FsGroupPolicy, GroupPolicies);
        Tokens(spec.TokenRequests, place.At("tokenRequests"));
        foreach (var mode in spec.VolumeLifecycleModes ?? [])
        {
            place.At("volumeLifecycleModes").OneOf(mode, LifecycleModes);
        }

        if (spec.NodeAllocatableUpdatePeriodSeconds is < 10 and var period)
        {
            place.At("nodeAllocatableUpdatePeriodSeconds").Invalid(period, "must be greater than or equal to 10 seconds");
        }
    }

    public void ValidateUpdate(V1CSIDriver next, V1CSIDriver current, FieldErrors errors)
    {
        Validate(next, errors);

        // Upstream's name of the field has two letters more than the field.
        errors.At("spec").At("attachedRequired").Immutable(next.Spec?.AttachRequired, current.Spec?.AttachRequired);
        if (!(next.Spec?.VolumeLifecycleModes ?? []).SequenceEqual(current.Spec?.VolumeLifecycleModes ?? [], StringComparer.Ordinal))
        {
            errors.At("spec").At("volumeLifecycleModes").Invalid(next.Spec?.VolumeLifecycleModes, "field is immutable");
        }
    }

    private static void Tokens(IList<Storagev1TokenRequest>? requests, FieldErrors errors)
    {
        var audiences = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < requests?.Count; i++)
        {
            var (request, place) = (requests[i], errors.At(i));
            if (!audiences.Add(request.Audience ?? ""))
            {
                place.At("audience").Duplicate(request.Audience ?? "");
                continue;
            }

            if (request.ExpirationSeconds < ShortestToken)
            {
                place.At("expirationSeconds").Invalid(request.ExpirationSeconds, "may not specify a duration less than 10 minutes");
            }

            if (request.ExpirationSeconds > 1L << 32)
            {
                place.At("expirationSeconds").Invalid(request.ExpirationSeconds, "may not specify a duration larger than 2^32 seconds");
            }
        }
    }
}
