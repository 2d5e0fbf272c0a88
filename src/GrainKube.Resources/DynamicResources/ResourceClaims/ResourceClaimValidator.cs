using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceClaims;

internal sealed class ResourceClaimValidator : IValidator<Resourcev1ResourceClaim>
{
    public void Validate(Resourcev1ResourceClaim item, FieldErrors errors) => DeviceClaimRules.Check(item.Spec?.Devices, errors.At("spec").At("devices"));

    public void ValidateUpdate(Resourcev1ResourceClaim next, Resourcev1ResourceClaim current, FieldErrors errors)
    {
        if (!ModelEquality.AreSame(next.Spec, current.Spec))
        {
            errors.At("spec").Invalid(next.Spec, "field is immutable");
        }
    }

    public void ValidateStatusUpdate(Resourcev1ResourceClaim next, Resourcev1ResourceClaim current, FieldErrors errors) => ClaimStatusRules.Check(next, current, errors.At("status"));
}
