using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.DeviceClasses;

internal sealed class DeviceClassValidator : IValidator<V1DeviceClass>
{
    public void Validate(V1DeviceClass item, FieldErrors errors) => Check(item.Spec ?? new V1DeviceClassSpec(), null, errors.At("spec"));

    public void ValidateUpdate(V1DeviceClass next, V1DeviceClass current, FieldErrors errors) => Check(next.Spec ?? new V1DeviceClassSpec(), current.Spec ?? new V1DeviceClassSpec(), errors.At("spec"));

    private static void Check(V1DeviceClassSpec spec, V1DeviceClassSpec? old, FieldErrors errors)
    {
        DeviceSelectorRules.Check(spec.Selectors, old is not null && ModelEquality.AreSame(spec.Selectors, old.Selectors), errors.At("selectors"));
        var stored = old is not null && ModelEquality.AreSame(spec.Config, old.Config);
        errors.At("config").Each(spec.Config, DeviceConfigurationRules.Maximum, (config, place) => DeviceConfigurationRules.Check(config.Opaque, stored, place));
        if (spec.ExtendedResourceName is { } name && !ResourceNameRules.IsExtended(name))
        {
            errors.At("extendedResourceName").Invalid(name, "must be a valid extended resource name");
        }
    }
}
