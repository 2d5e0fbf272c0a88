namespace GrainKube.ApiMachinery.Definitions;

/// <summary>Where <c>/scale</c> finds its numbers, as dotted paths into the object of the storage version.</summary>
/// <param name="Spec">For example <c>spec.replicas</c>.</param>
/// <param name="Status">For example <c>status.replicas</c>.</param>
/// <param name="Selector">A label selector object, a map of labels, or the selector's text; null where the kind has none.</param>
public sealed record ScaleMapping(string Spec, string Status, string? Selector);
