namespace GrainKube.Resources.Core.Pods;

/// <summary>What the text of an image says about its version.</summary>
internal static class ImageReference
{
    /// <summary><c>Always</c> for what may change under its name (tag <c>latest</c>, or neither tag nor digest), otherwise <c>IfNotPresent</c>.</summary>
    public static string DefaultPullPolicy(string image)
    {
        var digest = image.IndexOf('@');
        var name = digest < 0 ? image : image[..digest];
        var colon = name.IndexOf(':', name.LastIndexOf('/') + 1);
        var tag = colon >= 0 ? name[(colon + 1)..] : digest < 0 ? "latest" : "";
        return tag == "latest" ? "Always" : "IfNotPresent";
    }
}
