using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Storage.VolumeAttributesClasses;

internal sealed class VolumeAttributesClassValidator : IValidator<V1VolumeAttributesClass>
{
    public void Validate(V1VolumeAttributesClass item, FieldErrors errors)
    {
        ParameterRules.Driver(item.DriverName, errors.At("driverName"));
        ParameterRules.Check(item.Parameters, mayBeEmpty: false, errors.At("parameters"));
    }

    public void ValidateUpdate(V1VolumeAttributesClass next, V1VolumeAttributesClass current, FieldErrors errors)
    {
        if (next.DriverName != current.DriverName)
        {
            errors.At("driverName").Forbidden("updates to driverName are forbidden.");
        }

        ParameterRules.Stay(next.Parameters, current.Parameters, errors.At("parameters"));
        Validate(next, errors);
    }
}
