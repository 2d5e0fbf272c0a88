using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Environment;
using GrainKube.Resources.Certificates;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Whom a pod is to trust: the anchors of one bundle, or of all that a signer has under some labels.</summary>
internal static class TrustBundles
{
    /// <returns>Certificates in PEM, each once; nothing where the source is optional and there is no bundle.</returns>
    /// <exception cref="ConfigException">There is no such bundle.</exception>
    public static string Of(INodeView view, V1ClusterTrustBundleProjection source)
    {
        var found = source.Name is { } name
            ? [.. new[] { view.Get(Keys.TrustBundle(name)) }.OfType<KubeObject>()]
            : Matching(view, source.SignerName ?? "", LabelSelector.From(source.LabelSelector));
        if (found.Count == 0 && source.Optional != true)
        {
            throw new ConfigException(source.Name is null
                ? "combination of signerName and labelSelector matched zero ClusterTrustBundles"
                : $"clustertrustbundle \"{source.Name}\" not found");
        }

        // In an order of their own, so that nobody comes to rely on that of the bundles.
        return string.Concat(found
            .SelectMany(bundle => Pem.CertificatesOf(bundle.As<V1ClusterTrustBundle>().Spec.TrustBundle ?? ""))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal));
    }

    private static List<KubeObject> Matching(INodeView view, string signer, LabelSelector labels) =>
        [.. view.TrustBundles().Where(b => b.As<V1ClusterTrustBundle>().Spec.SignerName == signer && labels.Matches(b.Header.Labels))];
}
