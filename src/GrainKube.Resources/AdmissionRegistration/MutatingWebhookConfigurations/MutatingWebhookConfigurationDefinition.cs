using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.MutatingWebhookConfigurations;

internal sealed class MutatingWebhookConfigurationDefinition : BuiltInDefinition<V1MutatingWebhookConfiguration>
{
    public MutatingWebhookConfigurationDefinition()
        : base(ResourceNames.ClusterWide("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration")
            with { Categories = ["api-extensions"] })
    {
        Uses(new MutatingWebhookConfigurationColumns());
        Uses(new MutatingWebhookConfigurationDefaults());
        Uses(new MutatingWebhookConfigurationValidator());
        HasGeneration = true;
        AllowsUnconditionalUpdate = false;
    }
}
