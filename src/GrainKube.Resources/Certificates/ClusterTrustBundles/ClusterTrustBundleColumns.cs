using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Certificates.ClusterTrustBundles;

internal sealed class ClusterTrustBundleColumns : KindColumns<V1ClusterTrustBundle>
{
    public ClusterTrustBundleColumns()
    {
        Name();
        Text("SignerName", item => CellTexts.OrNone(item.Spec?.SignerName), "Whose certificates they are.");
    }
}
