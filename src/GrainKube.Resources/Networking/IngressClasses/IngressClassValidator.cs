using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Networking.IngressClasses;

/// <summary>Upstream's rules for an IngressClass: its controller is for ever.</summary>
internal sealed class IngressClassValidator : IValidator<V1IngressClass>
{
    private const int LongestController = 250;

    public void Validate(V1IngressClass item, FieldErrors errors)
    {
        var controller = errors.At("spec").At("controller");
        if (item.Spec?.Controller is { Length: > LongestController })
        {
            controller.TooLong(LongestController);
        }
    }

    public void ValidateUpdate(V1IngressClass next, V1IngressClass current, FieldErrors errors)
    {
        Validate(next, errors);
        errors.At("spec").At("controller").Immutable(next.Spec?.Controller, current.Spec?.Controller);
    }
}
