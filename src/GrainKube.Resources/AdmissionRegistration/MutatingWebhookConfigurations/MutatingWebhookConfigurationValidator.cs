using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.MutatingWebhookConfigurations;

internal sealed class MutatingWebhookConfigurationValidator : IValidator<V1MutatingWebhookConfiguration>
{
    public void Validate(V1MutatingWebhookConfiguration item, FieldErrors errors) =>
        WebhookShapeRules.Check([.. (item.Webhooks ?? []).Select(WebhookShape.Of)], errors.At("webhooks"));

    public void ValidateUpdate(V1MutatingWebhookConfiguration next, V1MutatingWebhookConfiguration current, FieldErrors errors) => Validate(next, errors);
}
