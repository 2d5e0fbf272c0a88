using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingWebhookConfigurations;

internal sealed class ValidatingWebhookConfigurationColumns : KindColumns<V1ValidatingWebhookConfiguration>
{
    public ValidatingWebhookConfigurationColumns()
    {
        Name();
        Number("Webhooks", item => item.Webhooks?.Count, "Webhooks indicates the number of webhooks registered in this configuration");
        Age();
    }
}
