using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceClaimTemplates;

internal sealed class ResourceClaimTemplateValidator : IValidator<V1ResourceClaimTemplate>
{
    public void Validate(V1ResourceClaimTemplate item, FieldErrors errors)
    {
        var place = errors.At("spec");
        TemplateMetadataRules.Check(item.Spec?.Metadata, place.At("metadata"));
        DeviceClaimRules.Check(item.Spec?.Spec?.Devices, place.At("spec").At("devices"));
    }

    public void ValidateUpdate(V1ResourceClaimTemplate next, V1ResourceClaimTemplate current, FieldErrors errors)
    {
        if (!ModelEquality.AreSame(next.Spec, current.Spec))
        {
            errors.At("spec").Invalid(next.Spec, "field is immutable");
        }
    }
}
