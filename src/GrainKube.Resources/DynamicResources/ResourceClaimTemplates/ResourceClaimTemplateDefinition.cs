using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceClaimTemplates;

internal sealed class ResourceClaimTemplateDefinition() : BuiltInDefinition<V1ResourceClaimTemplate>(
    ResourceNames.InNamespace("resource.k8s.io", "v1", "resourceclaimtemplates", "ResourceClaimTemplate"));
