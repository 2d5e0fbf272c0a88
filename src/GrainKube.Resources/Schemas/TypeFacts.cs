namespace GrainKube.Resources.Schemas;

/// <summary>What the facts table says of one model type.</summary>
/// <param name="DefinitionName">For example <c>io.k8s.api.core.v1.PodSpec</c>.</param>
/// <param name="GoType">For example <c>v1.PodSpec</c>.</param>
/// <param name="Atomic">Server-side apply takes the struct as one value.</param>
/// <param name="Fields">Facts by the JSON name of the field; fields that need none are absent.</param>
internal sealed record TypeFacts(string DefinitionName, string GoType, bool Atomic, IReadOnlyDictionary<string, FieldFacts> Fields);
