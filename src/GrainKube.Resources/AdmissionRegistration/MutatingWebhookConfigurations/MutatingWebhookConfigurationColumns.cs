using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.MutatingWebhookConfigurations;

internal sealed class MutatingWebhookConfigurationColumns : KindColumns<V1MutatingWebhookConfiguration>
{
    public MutatingWebhookConfigurationColumns()
    {
        Name();
        Number("Webhooks", item => item.Webhooks?.Count, "Webhooks indicates the number of webhooks registered in this configuration");
        Age();
    }
}
