using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingWebhookConfigurations;

internal sealed class ValidatingWebhookConfigurationValidator : IValidator<V1ValidatingWebhookConfiguration>
{
    public void Validate(V1ValidatingWebhookConfiguration item, FieldErrors errors) =>
        WebhookShapeRules.Check([.. (item.Webhooks ?? []).Select(WebhookShape.Of)], errors.At("webhooks"));

    public void ValidateUpdate(V1ValidatingWebhookConfiguration next, V1ValidatingWebhookConfiguration current, FieldErrors errors) => Validate(next, errors);
}
