using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Coordination.Leases;

internal sealed class LeaseValidator : IValidator<V1Lease>
{
    public void Validate(V1Lease item, FieldErrors errors)
    {
        var place = errors.At("spec");
        if (item.Spec?.LeaseDurationSeconds <= 0)
        {
            place.At("leaseDurationSeconds").Invalid(item.Spec.LeaseDurationSeconds, "must be greater than 0");
        }

        if (item.Spec?.LeaseTransitions < 0)
        {
            place.At("leaseTransitions").Invalid(item.Spec.LeaseTransitions, "must be greater than or equal to 0");
        }
    }
}
