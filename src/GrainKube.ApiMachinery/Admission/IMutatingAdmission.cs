namespace GrainKube.ApiMachinery.Admission;

/// <summary>A plugin that may edit an object before it is validated.</summary>
public interface IMutatingAdmission
{
    /// <summary>Upstream's plugin name, for example <c>ServiceAccount</c>.</summary>
    string Name { get; }

    /// <summary>Of a subresource that takes a kind of its own (a Scale, a Binding) the plugin is shown that body, and not the object that it is applied to.</summary>
    bool JudgesBodies => false;

    /// <summary>Cheap test whether <see cref="AdmitAsync"/> is to be called.</summary>
    bool Handles(AdmissionRequest request);

    /// <summary>
    /// Edits <see cref="AdmissionRequest.Object"/>, which has its defaults, or refuses by an <see cref="Errors.ApiException"/>. What it puts in is to be complete; otherwise it says so by
    /// <see cref="AdmissionRequest.LacksDefaults"/>.
    /// </summary>
    ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel);
}
