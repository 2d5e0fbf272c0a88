using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.PodTemplates;

internal sealed class PodTemplateValidator : IValidator<V1PodTemplate>
{
    public void Validate(V1PodTemplate item, FieldErrors errors) => PodTemplateRules.Check(item.Template, errors.At("template"));

    public void Warn(V1PodTemplate next, V1PodTemplate? current, IList<string> warnings) => WorkloadWarnings.Template(next.Template, "template", (next.Metadata, current?.Metadata), warnings);
}
