namespace GrainKube.ApiMachinery.Admission;

/// <summary>A plugin that may refuse a write after validation.</summary>
public interface IValidatingAdmission
{
    /// <summary>Upstream's plugin name.</summary>
    string Name { get; }

    /// <summary>Of a subresource that takes a kind of its own (a Scale, a Binding) the plugin is shown that body, and not the object that it is applied to.</summary>
    bool JudgesBodies => false;

    /// <summary>Cheap test whether <see cref="ValidateAsync"/> is to be called.</summary>
    bool Handles(AdmissionRequest request);

    /// <summary>Refuses by an <see cref="Errors.ApiException"/>.</summary>
    ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel);
}
