using GrainKube.Reconciliation.CustomResources;
using k8s.Models;

namespace Websites;

/// <summary>A few pages that are to be served: the custom resource.</summary>
[KubernetesEntity(Group = "samples.grainkube.io", ApiVersion = "v1", Kind = "Website", PluralName = "websites")]
[CustomResourceNames(ShortNames = ["site"])]
public sealed class Website : CustomResource<WebsiteSpec, WebsiteStatus>;
