using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingWebhookConfigurations;

internal sealed class ValidatingWebhookConfigurationDefinition : BuiltInDefinition<V1ValidatingWebhookConfiguration>
{
    public ValidatingWebhookConfigurationDefinition()
        : base(ResourceNames.ClusterWide("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration")
            with { Categories = ["api-extensions"] })
    {
        Uses(new ValidatingWebhookConfigurationColumns());
        Uses(new ValidatingWebhookConfigurationDefaults());
        Uses(new ValidatingWebhookConfigurationValidator());
        HasGeneration = true;
        AllowsUnconditionalUpdate = false;
    }
}
