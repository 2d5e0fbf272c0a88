using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Certificates.ClusterTrustBundles;

internal sealed class ClusterTrustBundleDefinition : BuiltInDefinition<V1ClusterTrustBundle>
{
    public ClusterTrustBundleDefinition()
        : base(ResourceNames.ClusterWide("certificates.k8s.io", "v1", "clustertrustbundles", "ClusterTrustBundle"))
    {
        Uses(new ClusterTrustBundleColumns());
        Uses(new ClusterTrustBundleValidator());
        AllowsUnconditionalUpdate = false;
        NameFormat = NameFormat.PathSegment;
        Selects("spec.signerName");
    }
}
